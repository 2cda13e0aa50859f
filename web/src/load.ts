// Load: asks for an address while somebody shows it; shared by all who do, kept on the screen until the next answer.
import {type Signal, signal} from '@preact/signals';
import {useEffect, useRef} from 'preact/hooks';
import {ask} from './api';

export interface Loaded<T> {
  value?: T;
  error?: string;
  loading: boolean;
}
interface Shared {
  state: Signal<Loaded<unknown>>;
  users: number;
  abort: AbortController;
}
const shared = new Map<string, Shared>();

function start(key: string, path: string): Shared {
  const entry: Shared = {state: signal({loading: true}), users: 0, abort: new AbortController()};
  shared.set(key, entry);
  ask<unknown>(path, entry.abort.signal).then(
    (value) => (entry.state.value = {value, loading: false}),
    (error: Error) => {
      if (!entry.abort.signal.aborted) entry.state.value = {error: error.message, loading: false};
    },
  );
  return entry;
}

// `path` null: nothing to load yet. A new path or revision keeps the value before until its own has come.
export function useLoaded<T>(path: string | null, revision = 0): Loaded<T> {
  const last = useRef<Loaded<unknown>>({loading: true});
  const key = path === null ? null : `${revision} ${path}`;
  const entry = key === null ? null : (shared.get(key) ?? start(key, path!));
  useEffect(() => {
    if (!entry || key === null) return;
    entry.users++;
    return () => {
      if (--entry.users > 0) return;
      shared.delete(key);
      entry.abort.abort();
    };
  }, [key]);
  if (!entry) return {loading: true};
  const now = entry.state.value;
  if (!now.loading) last.current = now;
  return (now.loading ? {...last.current, loading: true} : now) as Loaded<T>;
}
