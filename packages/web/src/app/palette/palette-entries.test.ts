import { describe, expect, test } from 'vitest';
import { choosePaletteGroups, commandGroups, findTraceId, keyOfEntry } from './palette-entries.ts';
import type { PaletteGroup } from './palette-entries.ts';

const run = () => undefined;

function group(title: string, ...names: readonly string[]): PaletteGroup {
  return { title, entries: names.map((name) => ({ id: name, name, run })) };
}

describe('commandGroups', () => {
  test('leaves out what would do nothing now, and keys of elements', () => {
    const { actions } = commandGroups([
      {
        title: 'Trace',
        reach: 'page',
        commands: [
          { name: 'Find', keys: ['f'], run },
          { name: 'Next error', keys: ['e'], run, isAvailable: () => false },
          { name: 'Go to a cell', keys: ['ArrowUp'] },
        ],
      },
    ]);
    expect(actions[0]?.entries).toMatchObject([{ name: 'Find', keys: ['f'] }]);
  });

  test('has what the page can do before the keys of what is shown of it', () => {
    const section = (title: string, reach: 'view' | 'page' | 'everywhere', isPlaces = false) => ({
      title,
      reach,
      isPlaces,
      commands: [{ name: 'one', run }],
    });
    const { views, actions } = commandGroups([
      section('Timeline', 'view'),
      section('Views', 'page', true),
      section('Trace', 'page'),
      section('Everywhere', 'everywhere'),
    ]);
    expect(views.map(({ title }) => title)).toEqual(['Views']);
    expect(actions.map(({ title }) => title)).toEqual(['Trace', 'Timeline', 'Everywhere']);
  });
});

describe('choosePaletteGroups', () => {
  const services = Array.from({ length: 30 }, (_, at) => `service-${at}`);
  const choice = {
    commands: {
      views: [group('Views', 'Timeline', 'Flame graph')],
      actions: [group('Trace', 'Find', 'Next error')],
    },
    places: [group('Services', ...services)],
    used: [],
    usedTitle: 'Used lately',
    text: '',
  };
  const namesOf = (groups: readonly PaletteGroup[]) =>
    groups.map(({ title, entries }) => [title, ...entries.map(({ name }) => name)]);

  test('has views and a few of each kind of place before all that one can do', () => {
    expect(namesOf(choosePaletteGroups(choice))).toEqual([
      ['Views', 'Timeline', 'Flame graph'],
      ['Services', ...services.slice(0, 5)],
      ['Trace', 'Find', 'Next error'],
    ]);
  });

  test('begins with what was taken last, each entry once, and passes over what is not here', () => {
    const used = ['Compare\nSwap', 'Trace\nNext error', 'Services\nservice-20'];
    const groups = choosePaletteGroups({ ...choice, used });
    expect(namesOf(groups)).toEqual([
      ['Used lately', 'Next error', 'service-20'],
      ['Views', 'Timeline', 'Flame graph'],
      ['Services', ...services.slice(0, 5)],
      ['Trace', 'Find'],
    ]);
    const [last] = groups;
    // Taken from there it is the same entry.
    expect(last?.entries.map((entry) => keyOfEntry(last, entry))).toEqual(used.slice(1));
    expect(last?.entries[0]?.note).toBe('Trace');
  });

  test('puts the group with the best match first', () => {
    const shown = choosePaletteGroups({ ...choice, text: 'service-17' });
    expect(shown).toHaveLength(1);
    expect(shown[0]?.entries[0]?.name).toBe('service-17');
  });

  test('puts what was taken before first among what fits alike, and never before what fits better', () => {
    const used = ['Services\nservice-12'];
    const first = (text: string) =>
      choosePaletteGroups({ ...choice, used, text })[0]?.entries[0]?.name;
    expect(first('service-1')).toBe('service-12');
    expect(first('service-13')).toBe('service-13');
  });
});

describe('findTraceId', () => {
  const id = '4bf92f3577b34da6a3ce929d0e0e4736';

  test('reads an id alone, in a traceparent and in an address', () => {
    expect(findTraceId(` ${id.toUpperCase()} `)).toBe(id);
    expect(findTraceId(`00-${id}-00f067aa0ba902b7-01`)).toBe(id);
    expect(findTraceId(`https://clew.example/trace/${id}?span=00f067aa0ba902b7`)).toBe(id);
  });

  test('reads the short ids of Jaeger and Zipkin', () => {
    expect(findTraceId('00f067aa0ba902b7')).toBe('00f067aa0ba902b7');
  });

  test('does not take a word of few letters, or too many digits, for an id', () => {
    expect(findTraceId('facade')).toBeUndefined();
    expect(findTraceId(`${id}0`)).toBeUndefined();
  });
});
