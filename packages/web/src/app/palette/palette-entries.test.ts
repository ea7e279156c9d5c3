import { describe, expect, test } from 'vitest';
import { choosePaletteGroups, commandGroups, findTraceId } from './palette-entries.ts';
import type { PaletteGroup } from './palette-entries.ts';

const run = () => undefined;

function group(title: string, ...names: readonly string[]): PaletteGroup {
  return { title, entries: names.map((name) => ({ id: name, name, run })) };
}

describe('commandGroups', () => {
  test('leaves out what would do nothing now, and keys of elements', () => {
    const groups = commandGroups([
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
    expect(groups[0]?.entries).toMatchObject([{ name: 'Find', keys: ['f'] }]);
  });
});

describe('choosePaletteGroups', () => {
  const services = Array.from({ length: 30 }, (_, at) => `service-${at}`);
  const groups = { commands: [group('Trace', 'Find')], places: [group('Services', ...services)] };

  test('shows all commands and a few of each kind of place before anything is typed', () => {
    const shown = choosePaletteGroups({ ...groups, text: '' });
    expect(shown.map(({ title, entries }) => [title, entries.length])).toEqual([
      ['Trace', 1],
      ['Services', 5],
    ]);
  });

  test('puts the group with the best match first', () => {
    const shown = choosePaletteGroups({ ...groups, text: 'service-17' });
    expect(shown).toHaveLength(1);
    expect(shown[0]?.entries[0]?.name).toBe('service-17');
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
