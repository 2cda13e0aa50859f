// Menu: a button that unfolds something below it; Escape and a click elsewhere fold it again.
import type {ComponentChildren} from 'preact';
import {useEffect, useRef} from 'preact/hooks';

export function Menu({label, title, children}: {label: ComponentChildren; title: string; children: ComponentChildren}) {
  const root = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const fold = (event: Event) => {
      if (event instanceof KeyboardEvent ? event.key === 'Escape' && root.current?.open : !root.current?.contains(event.target as Node)) root.current!.open = false;
    };
    document.addEventListener('pointerdown', fold);
    document.addEventListener('keydown', fold);
    return () => {
      document.removeEventListener('pointerdown', fold);
      document.removeEventListener('keydown', fold);
    };
  }, []);
  return <details class="menu" ref={root}><summary title={title}>{label}</summary><div class="unfolded">{children}</div></details>;
}
