// States: waiting, and what went wrong, drawn as rynd draws it.
export function Waiting() {
  return <p class="waiting" aria-busy="true">Loading…</p>;
}

export function Failed({text}: {text: string}) {
  return <div class="page"><Drawn text={text} /></div>;
}

// A diagnostic with its place, source line and carets.
export function Drawn({text, severity = 'error'}: {text: string; severity?: 'error' | 'warning'}) {
  return <pre class={`drawn ${severity}`} role="alert" tabIndex={0}>{text.trimEnd()}</pre>;
}
