// Theme: light or dark, by the system's wish unless the reader chose.
import {computed, effect, signal} from '@preact/signals';

type Choice = 'system' | 'light' | 'dark';
const media = matchMedia('(prefers-color-scheme: dark)');
const system = signal(media.matches);
const stored = () => {
  const value = localStorage.getItem('rynd-theme');
  return value === 'light' || value === 'dark' ? value : 'system';
};
export const choice = signal<Choice>(stored());
export const dark = computed(() => (choice.value === 'system' ? system.value : choice.value === 'dark'));

export function toggleTheme() {
  const next = dark.value ? 'light' : 'dark';
  const asSystem = (next === 'dark') === system.value;
  choice.value = asSystem ? 'system' : next;
  if (asSystem) localStorage.removeItem('rynd-theme');
  else localStorage.setItem('rynd-theme', next);
}

export function followTheme() {
  media.addEventListener('change', (event) => (system.value = event.matches));
  effect(() => {
    document.documentElement.dataset.theme = dark.value ? 'dark' : 'light';
  });
}
