// Live: what changed on the server since; whoever shows something asks again when its number grows.
import {signal} from '@preact/signals';

export const pagesRevision = signal(0);
export const dataRevision = signal(0);
export const connected = signal(true);

export function followChanges() {
  let lost = false;
  const events = new EventSource('/api/events');
  events.addEventListener('pages', () => pagesRevision.value++);
  events.addEventListener('data', () => dataRevision.value++);
  events.onopen = () => {
    connected.value = true;
    // The server may have been started anew, with other pages and data.
    if (lost) {
      pagesRevision.value++;
      dataRevision.value++;
    }
    lost = false;
  };
  events.onerror = () => {
    lost = true;
    connected.value = false;
  };
  addEventListener('pagehide', () => events.close());
}
