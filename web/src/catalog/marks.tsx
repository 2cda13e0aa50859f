// Marks: small signs for the state of tests and runs.
import type {LastRun, TestCounts} from '../api';
import {ago} from '../format';

export type State = 'good' | 'warn' | 'bad' | 'none';

export function stateOf(status: string | undefined): State {
  if (!status) return 'none';
  if (status === 'success' || status === 'pass' || status === 'no-op') return 'good';
  if (status === 'warn' || status === 'skipped' || status === 'partial success') return 'warn';
  return 'bad';
}

export function testState(tests: TestCounts | undefined): State {
  if (!tests || tests.pass + tests.warn + tests.fail === 0) return 'none';
  return tests.fail > 0 ? 'bad' : tests.warn > 0 ? 'warn' : 'good';
}

export function testText(tests: TestCounts | undefined): string {
  if (!tests) return '';
  const parts: string[] = [];
  if (tests.fail > 0) parts.push(`${tests.fail} fail`);
  if (tests.warn > 0) parts.push(`${tests.warn} warn`);
  if (tests.pass > 0) parts.push(`${tests.pass} pass`);
  if (tests.unknown > 0) parts.push(`${tests.unknown} not run`);
  return parts.join(', ');
}

export function Tests({tests}: {tests?: TestCounts}) {
  const words = testText(tests);
  return words ? <span class="state"><span class={`dot ${testState(tests)}`} />{words}</span> : <span class="quiet">–</span>;
}

export function Run({run}: {run?: LastRun}) {
  if (!run) return <span class="quiet">never</span>;
  return <span class="state" title={run.message}><span class={`dot ${stateOf(run.status)}`} />{run.status} <span class="quiet">{ago(run.at)}</span></span>;
}
