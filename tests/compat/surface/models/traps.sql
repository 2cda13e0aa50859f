{% if execute %}
{% set list = [] %}{% set appended = list.append(1) %}{% for i in range(2) %}{% set list = list.append(i) %}{% endfor %}
{% do list.append('x'), list.append('y') %}
{% set d = {'a': 1, 'b': 2} %}{% set popped = d.popitem() %}
{% set ns = namespace(none=0, found=false) %}{% for x in [1, 2, 3] if x > 1 %}{% set ns.found = x %}{% endfor %}
{% set turns = cycler('odd', 'even') %}
{% set joins = joiner(', ') %}
{{ rows([
  ('append is none', appended), ('list after a loop', list), ('popitem', [popped, d]), ('kwargs.pop', pops_a_keyword(a=1, b=2)), ('varargs', counts_arguments(1, 2, x=3)), ('caller', calls_back is defined),
  ('namespace of a literal', ns.none), ('namespace in a loop', ns.found), ('cycler', [turns.next(), turns.next(), turns.current]), ('joiner', [joins(), joins()]), ('undefined filter', nothing | default('was undefined')),
  ('first of a filter', [{'col': 5}] | first), ('attribute behind a filter', ([{'col': 5}] | first).col), ('non-ascii macro', größe()), ('typed macro', typed(1, ['a', 'b'])), ('range down', range(5, 0, -2) | list), ('range is empty', range(0, 5, -1) | list),
  ('timedelta', [modules.datetime.timedelta(seconds=1.5).total_seconds(), modules.datetime.timedelta(0) | string]), ('timedelta is true', 1 if modules.datetime.timedelta(0) else 0), ('naive strftime', '[' ~ modules.datetime.datetime(2024, 1, 2).strftime('%z %Z') ~ ']'),
  ('re.sub of empty matches', modules.re.sub('', '-', 'ab')), ('one-tuple', (1,)), ('values of one row', run_query('select 1 as a').columns[0].values()), ('unique dates', [modules.datetime.date(2024, 1, 1), modules.datetime.date(2024, 1, 1)] | unique | list | length),
  ('path', model.path), ('update of model', model.update({'extra': 1})), ('updated', model.extra), ('this', this.identifier), ('repr', ["it's", 'a', none, true, 1.0, {'k': (1, 2)}]),
  ('floor', [7 // 2, -7 // 2, -7 % 3, 7 / 2, 2 ** 70]), ('percent', '%s-%05.1f' % ('a', 2.5)), ('format', '{:>4}|{name}|{!r}'.format('a', 'b', name='n')), ('slices', [[1, 2, 3, 4][::-2], 'abcdef'[1:-1:2]]), ('chained', 1 < 2 < 3), ('no else', 'x' if false),
  ('times', ['a' * 3, [0] * 2]), ('tilde', 1 ~ none ~ true), ('in', ['b' in 'abc', 4 not in [1]]), ('dict order', {'z': 1, 'a': 2}.keys() | list), ('sorted dict', {'z': 1, 'a': 2} | dictsort), ('bool filters', ['true' | as_bool, '1' | as_number, 'x' | as_text, '[1]' | as_native]),
  ('filters', ['a b' | title, 'abc' | upper | list | length, [3, 1, 2] | sort | join('-'), [1, 2, 3] | sum, '<' | escape, 1234.567 | round(1), [1, none] | reject('none') | list, 'x' | indent, 'a,b' | replace(',', ';'), [[1, 2]] | map('first') | list, 3.7 | int, '4' | int, 'z' | int(9)]),
  ('grouped', [{'k': 1, 'v': 'a'}, {'k': 1, 'v': 'b'}] | groupby('k') | map('last') | map('length') | list), ('batch', [1, 2, 3] | batch(2) | list), ('tests', [1 is number, 'a' is string, [] is iterable, {} is mapping, none is none, 4 is divisibleby 2, 3 is odd, x is undefined, 1 is sameas 1]),
  ('strip', ['  a '.strip(), 'xxa'.lstrip('x'), 'a.b.c'.rsplit('.', 1), 'a=b'.partition('='), 'aXb'.casefold(), '7'.zfill(3), 'ab'.ljust(4) ~ '|', 'Ab'.swapcase(), 'a\nb'.splitlines()]), ('sets', [set([1, 2]).union([3]) | sort, set([1, 2]).difference([1]) | list, set([1]) == set([1])]),
  ('do nothing', caller is defined), ('block set', ''), ('datetime', [modules.datetime.datetime.strptime('2024-02-29', '%Y-%m-%d').isoformat(), modules.datetime.datetime(2024, 1, 1).weekday(), modules.datetime.datetime(2024, 3, 1) - modules.datetime.timedelta(days=1)])
]) }}
{% else %} select 1 as x
{% endif %}
