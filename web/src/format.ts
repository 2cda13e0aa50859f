// Format: numbers and dates as text, by Evidence's and Excel's names for formats.
import type {Cell, Kind} from './api';

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const currencies: Record<string, string> = {usd: '$', eur: '€', gbp: '£', chf: 'CHF ', jpy: '¥', cad: 'C$', aud: 'A$', inr: '₹', cny: '¥'};
const scales: Record<string, [number, string]> = {k: [1e3, 'k'], m: [1e6, 'M'], b: [1e9, 'B']};

const numberFormats = new Map<string, Intl.NumberFormat>();
function number(value: number, least: number, most: number, grouping = true): string {
  const key = `${least} ${most} ${grouping}`;
  let format = numberFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat('en-US', {minimumFractionDigits: least, maximumFractionDigits: most, useGrouping: grouping});
    numberFormats.set(key, format);
  }
  return format.format(value).replace('-', '−');
}

// 12,345 -> 12.3k: for axes, where room is short.
export function compact(value: number): string {
  const size = Math.abs(value);
  for (const [factor, letter] of [scales.b!, scales.m!, scales.k!]) {
    if (size >= factor * (factor === 1e3 ? 10 : 1)) return number(value / factor, 0, size / factor < 10 ? 2 : 1) + letter;
  }
  return number(value, 0, size < 1 ? 3 : 2);
}

function excelNumber(value: number, pattern: string): string {
  const [positive, negative] = pattern.split(';');
  const used = value < 0 && negative ? negative : positive!;
  const core = /[#0][#0,]*(?:\.([0#]+))?/.exec(used);
  if (!core) return used;
  const percent = used.includes('%');
  const decimals = core[1] ?? '';
  const shown = (value < 0 && negative ? -value : value) * (percent ? 100 : 1);
  const text = number(shown, decimals.replace(/#/g, '').length, decimals.length, core[0].includes(','));
  return used.slice(0, core.index).replace(/["\\]/g, '') + text + used.slice(core.index + core[0].length).replace(/["\\]/g, '');
}

function namedNumber(value: number, name: string): string | null {
  const match = /^(num|pct|[a-z]{3})(\d)?([kmb])?$/.exec(name);
  if (match) {
    const [, kind, digits, scale] = match;
    const [factor, letter] = scale ? scales[scale]! : [1, ''];
    if (kind === 'pct') return number(value * 100, Number(digits ?? 0), Number(digits ?? 1)) + '%';
    const least = Number(digits ?? 0);
    if (kind === 'num') return number(value / factor, least, digits ? least : 2) + letter;
    const sign = currencies[kind!];
    if (sign) return (value < 0 ? '−' : '') + sign + number(Math.abs(value) / factor, Number(digits ?? (scale ? 1 : 2)), Number(digits ?? (scale ? 1 : 2))) + letter;
  }
  if (name === 'id') return number(value, 0, 20, false);
  if (name === 'sci') return value.toExponential(2);
  if (name === 'mult') return number(value, 1, 1) + 'x';
  return null;
}

export function toDate(value: Cell): Date | null {
  if (typeof value !== 'string') return null;
  const text = /^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
  const date = new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}

const pad = (value: number, size = 2) => String(value).padStart(size, '0');
const datePatterns: Record<string, string> = {
  shortdate: 'mmm d/yy', longdate: 'mmmm d, yyyy', fulldate: 'dddd mmmm d, yyyy', hms: 'HH:MM:SS', datetime: 'yyyy-mm-dd HH:MM',
};

// Everything is UTC: a warehouse's date is the same for every reader.
export function formatDate(date: Date, pattern: string): string {
  const afternoon = date.getUTCHours() >= 12;
  const parts: Record<string, () => string> = {
    yyyy: () => String(date.getUTCFullYear()), yy: () => pad(date.getUTCFullYear() % 100),
    mmmm: () => months[date.getUTCMonth()]!, mmm: () => months[date.getUTCMonth()]!.slice(0, 3), mm: () => pad(date.getUTCMonth() + 1), m: () => String(date.getUTCMonth() + 1),
    dddd: () => days[date.getUTCDay()]!, ddd: () => days[date.getUTCDay()]!.slice(0, 3), dd: () => pad(date.getUTCDate()), d: () => String(date.getUTCDate()),
    HH: () => pad(date.getUTCHours()), H: () => String(date.getUTCHours()), hh: () => pad(date.getUTCHours() % 12 || 12), h: () => String(date.getUTCHours() % 12 || 12),
    MM: () => pad(date.getUTCMinutes()), SS: () => pad(date.getUTCSeconds()), ss: () => pad(date.getUTCSeconds()), 'am/pm': () => (afternoon ? 'pm' : 'am'), 'AM/PM': () => (afternoon ? 'PM' : 'AM'),
  };
  return (datePatterns[pattern] ?? pattern).replace(/yyyy|yy|mmmm|mmm|mm|m|dddd|ddd|dd|d|HH|H|hh|h|MM|SS|ss|am\/pm|AM\/PM/g, (token) => parts[token]!());
}

// Years and keys are numbers that nobody groups.
const plainName = /(^|_)(id|year|yr)$/i;

export function format(value: Cell | undefined, kind: Kind, pattern?: string, name = ''): string {
  if (value === null || value === undefined) return '–';
  if (kind === 'number') {
    const real = Number(value);
    if (!Number.isFinite(real)) return String(value);
    if (!pattern) return typeof value === 'string' ? value : number(real, 0, Math.abs(real) < 1 ? 3 : 2, !plainName.test(name));
    return namedNumber(real, pattern) ?? excelNumber(real, pattern);
  }
  const date = kind === 'date' || kind === 'timestamp' ? toDate(value) : null;
  if (date) return formatDate(date, pattern ?? (kind === 'date' ? 'd mmm yyyy' : 'd mmm yyyy HH:MM'));
  if (kind === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

// "kind_of_day" -> "Kind of day"
export function titleOf(name: string): string {
  const text = name.replace(/_+/g, ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function ago(iso: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  const units: [number, string][] = [[86400, 'day'], [3600, 'hour'], [60, 'minute']];
  for (const [size, unit] of units) {
    const count = Math.floor(seconds / size);
    if (count >= 1) return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
  }
  return 'just now';
}
