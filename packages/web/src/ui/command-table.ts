/**
 * What one can do on the screen, in one table: keys are looked up in it, the sheet of keys lists it, and the palette offers it.
 * Whoever can do something registers it for as long as it is shown (`use-commands.ts`), so the three never disagree.
 */
export interface Command {
  /** What it does, in a few words; it stands once in its section. */
  readonly name: string;
  /** Any of them runs it: values of `KeyboardEvent.key`, with `Mod+` before them for Ctrl or ⌘. */
  readonly keys?: readonly string[];
  /** Absent where the key belongs to an element that has the focus, and is only told here. */
  readonly run?: () => void;
  /** Whether it would do anything now; it would when this is absent. */
  readonly isAvailable?: () => boolean;
}

/** How far commands reach. What is nearer has the key when two want the same. */
export type Reach = 'view' | 'page' | 'everywhere';

export interface CommandSection {
  readonly title: string;
  readonly reach: Reach;
  readonly commands: readonly Command[];
  /** Whether they lead to another view or page, rather than do something in this one: the palette has these first. */
  readonly isPlaces?: boolean;
}

const REACHES: readonly Reach[] = ['view', 'page', 'everywhere'];

/** The commands of everything that is shown. Sections are read anew each time: what a command does changes as the page does. */
export class CommandTable {
  readonly #readers = new Set<() => CommandSection | undefined>();
  readonly #listeners = new Set<() => void>();
  #version = 0;

  /** Grows when a section comes or goes. */
  get version(): number {
    return this.#version;
  }

  /** Calls when a section has come or gone; answers how to end that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Answers how to take the section out again. */
  add(read: () => CommandSection | undefined): () => void {
    this.#readers.add(read);
    this.#tell();
    return () => {
      this.#readers.delete(read);
      this.#tell();
    };
  }

  #tell(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }

  /** The nearest first, one for each title, without the keys that nearer ones have taken, and the commands that had no others. */
  sections(): readonly CommandSection[] {
    const sections = [...this.#readers].map((read) => read()).filter((one) => one !== undefined);
    const ordered = REACHES.flatMap((reach) =>
      joinSameTitles(sections.filter((one) => one.reach === reach)),
    );
    return ordered
      .map((section, at) => {
        const taken = keysOf(ordered.slice(0, at).filter(({ reach }) => reach !== section.reach));
        const commands = section.commands.filter((one) => !isCovered(one, taken));
        return { ...section, commands: commands.map((one) => withoutKeys(one, taken)) };
      })
      .filter(({ commands }) => commands.length > 0);
  }

  /** The nearest command that has the key and would do something. */
  find(key: string): Command | undefined {
    return this.sections()
      .flatMap(({ commands }) => commands)
      .find((one) => one.keys?.includes(key) === true && canRun(one));
  }
}

/** Whether the command does something now, and is the page's to do. */
export function canRun(command: Command): boolean {
  return command.run !== undefined && command.isAvailable?.() !== false;
}

/** Parts of a page each have something to say under its title. */
function joinSameTitles(sections: readonly CommandSection[]): readonly CommandSection[] {
  const byTitle = new Map<string, CommandSection>();
  for (const section of sections) {
    const commands = [...(byTitle.get(section.title)?.commands ?? []), ...section.commands];
    byTitle.set(section.title, { ...section, commands });
  }
  return [...byTitle.values()];
}

function keysOf(sections: readonly CommandSection[]): ReadonlySet<string> {
  const commands = sections.flatMap(({ commands }) => commands);
  return new Set(commands.filter(({ run }) => run !== undefined).flatMap(({ keys }) => keys ?? []));
}

function withoutKeys(command: Command, taken: ReadonlySet<string>): Command {
  const { keys = [] } = command;
  if (!keys.some((key) => taken.has(key))) return command;
  return { ...command, keys: keys.filter((key) => !taken.has(key)) };
}

function isCovered({ keys }: Command, taken: ReadonlySet<string>): boolean {
  return keys !== undefined && keys.length > 0 && keys.every((key) => taken.has(key));
}
