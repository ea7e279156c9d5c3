import { describe, expect, test } from 'vitest';
import { CommandTable } from './command-table.ts';
import type { Command, CommandSection, Reach } from './command-table.ts';

function section(reach: Reach, ...commands: readonly Command[]): CommandSection {
  return { title: reach, reach, commands };
}

const nothing = () => undefined;

function tableOf(...sections: readonly CommandSection[]): CommandTable {
  const table = new CommandTable();
  for (const one of sections) table.add(() => one);
  return table;
}

const namesOf = (table: CommandTable) =>
  table.sections().map(({ commands }) => commands.map(({ name }) => name));

describe('CommandTable', () => {
  test('lists what is nearest first, whatever was registered first', () => {
    const table = tableOf(
      section('everywhere', { name: 'theme', run: nothing }),
      section('view', { name: 'zoom', run: nothing }),
      section('page', { name: 'find', run: nothing }),
    );
    expect(namesOf(table)).toEqual([['zoom'], ['find'], ['theme']]);
  });

  test('gives a key that two want to the nearer one, and does not list the other', () => {
    const table = tableOf(
      section('everywhere', { name: 'go to the search', keys: ['/'], run: nothing }),
      section('page', { name: 'ask something', keys: ['/'], run: nothing }),
    );
    expect(table.find('/')?.name).toBe('ask something');
    expect(namesOf(table)).toEqual([['ask something']]);
  });

  test('leaves a command the key that nobody nearer has', () => {
    const table = tableOf(
      section('everywhere', { name: 'go to the search', keys: ['/', 'S'], run: nothing }),
      section('page', { name: 'find', keys: ['/', 'f'], run: nothing }),
    );
    expect(table.find('/')?.name).toBe('find');
    expect(table.find('S')?.name).toBe('go to the search');
    const [, everywhere] = table.sections();
    expect(everywhere?.commands[0]?.keys).toEqual(['S']);
  });

  test('lists what has no key, and a key that belongs to an element with the focus', () => {
    const table = tableOf(
      section('view', { name: 'go to a cell', keys: ['ArrowUp'] }),
      section('page', { name: 'row above', keys: ['ArrowUp'], run: nothing }, { name: 'copy' }),
    );
    expect(namesOf(table)).toEqual([['go to a cell'], ['row above', 'copy']]);
    expect(table.find('ArrowUp')?.name).toBe('row above');
  });

  test('joins the parts of a page that speak under one title', () => {
    const table = tableOf(
      section('page', { name: 'find', run: nothing }),
      section('page', { name: 'searches', run: nothing }),
    );
    expect(namesOf(table)).toEqual([['find', 'searches']]);
  });

  test('tells when a section comes or goes', () => {
    const table = new CommandTable();
    const versions: number[] = [];
    const stop = table.subscribe(() => versions.push(table.version));
    const takeOut = table.add(() => section('view', { name: 'zoom', run: nothing }));
    takeOut();
    stop();
    table.add(() => undefined);
    expect(versions).toEqual([1, 2]);
  });

  test('passes over what would do nothing now', () => {
    let isThere = false;
    const error = { name: 'next error', keys: ['e'], run: nothing, isAvailable: () => isThere };
    const table = tableOf(section('page', error));
    expect(table.find('e')).toBeUndefined();
    isThere = true;
    expect(table.find('e')).toBe(error);
  });

  test('forgets a section that was taken out, and passes over one that is not there now', () => {
    const table = new CommandTable();
    const remove = table.add(() => section('page', { name: 'find', keys: ['f'], run: nothing }));
    table.add(() => undefined);
    remove();
    expect(table.find('f')).toBeUndefined();
    expect(table.sections()).toEqual([]);
  });
});
