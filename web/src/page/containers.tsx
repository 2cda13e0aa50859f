// Containers: components that hold text and other components.
import type {Component} from '../api';
import {amount, flag, text} from './context';
import {Content} from './PageView';

type Props = {component: Component};

export function Grid({component}: Props) {
  const columns = Math.min(6, Math.max(1, amount(component, 'cols') ?? 2));
  return <div class={`grid cols-${columns}`}><Content html={component.html ?? ''} /></div>;
}

export function Details({component}: Props) {
  return (
    <details class="fold" open={flag(component, 'open', false)}>
      <summary>{text(component, 'title') ?? 'Details'}</summary>
      <Content html={component.html ?? ''} />
    </details>
  );
}

export function Alert({component}: Props) {
  return <aside class={`alert ${text(component, 'status') ?? 'info'}`}><Content html={component.html ?? ''} /></aside>;
}
