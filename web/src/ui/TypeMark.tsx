// TypeMark: the colour and letter of a kind of resource, the same everywhere.
export function TypeMark({type}: {type: string}) {
  return <span class={`type-mark ${type}`} aria-hidden="true">{letterOf(type)}</span>;
}

export function letterOf(type: string): string {
  const letters: Record<string, string> = {source: 'S', seed: 'D', model: 'M', snapshot: 'H', exposure: 'E', page: 'P', metric: 'N', column: 'C', semantic_model: 'L', saved_query: 'Q'};
  return letters[type] ?? type.charAt(0).toUpperCase();
}
