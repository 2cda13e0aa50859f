// Freshness: when a page's data was built, and whether its tests passed.
import type {Freshness} from '../api';
import {ago} from '../format';
import {entryAddress} from '../route';
import {Menu} from '../ui/Menu';

const exact = (iso: string) => new Date(iso).toISOString().replace('T', ' ').slice(0, 16) + ' UTC';

export function FreshnessNote({freshness}: {freshness: Freshness}) {
  const {as_of, tests, tables} = freshness;
  if (tables.length === 0) return null;
  const tested = tests.pass + tests.warn + tests.fail;
  const state = tests.fail > 0 ? 'bad' : tests.warn > 0 ? 'warn' : as_of ? 'good' : 'none';
  const verdict = tests.fail > 0 ? `${tests.fail} of ${tested} tests fail` : tested > 0 ? `${tested} tests pass` : 'not tested';
  return (
    <div class="freshness">
      <Menu
        label={<><span class={`dot ${state}`} />{as_of ? <>Data as of <time dateTime={as_of} title={exact(as_of)}>{ago(as_of)}</time></> : 'No run recorded'}<span class="quiet"> · {verdict}</span></>}
        title="How fresh this page's data is"
      >
        <table class="plain">
          <thead><tr><th>Table</th><th>Built</th><th>Tests</th></tr></thead>
          <tbody>
            {tables.map((table) => (
              <tr>
                <td><a href={entryAddress(table.id)}>{table.name}</a></td>
                <td>{table.loaded_at ? <time dateTime={table.loaded_at} title={exact(table.loaded_at)}>{ago(table.loaded_at)}</time> : '–'}</td>
                <td class={table.tests.fail > 0 ? 'bad' : ''}>{table.tests.fail > 0 ? `${table.tests.fail} fail` : table.tests.pass > 0 ? `${table.tests.pass} pass` : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Menu>
    </div>
  );
}
