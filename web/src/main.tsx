// Main: mounts the app.
import {render} from 'preact';
import './style/base.css';
import './style/shell.css';
import './style/page.css';
import './style/catalog.css';
import {followChanges} from './live';
import {followAddress} from './route';
import {followTheme} from './theme';
import {Shell} from './ui/Shell';

followTheme();
followAddress();
followChanges();
render(<Shell />, document.getElementById('app')!);
