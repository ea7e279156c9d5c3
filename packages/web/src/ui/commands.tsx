import {
  createContext,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { ReactNode } from 'react';
import { CommandTable } from './command-table.ts';
import type { CommandSection } from './command-table.ts';
import { isTyping } from './is-typing.ts';

const CommandsContext = createContext<CommandTable | undefined>(undefined);

/** Holds the table of commands and runs them by their keys: the one place where a key of the page is listened to. */
export function CommandsProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [table] = useState(() => new CommandTable());
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || isTaken(event)) return;
      const command = table.find(keyOf(event));
      if (command === undefined) return;
      event.preventDefault();
      command.run?.();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [table]);
  return <CommandsContext value={table}>{children}</CommandsContext>;
}

/** Adds commands for as long as the component is shown; `undefined` while there are none. They may be others at every rendering. */
export function useCommands(section: CommandSection | undefined): void {
  const table = useContext(CommandsContext);
  const latest = useRef(section);
  useEffect(() => {
    latest.current = section;
  });
  useEffect(() => table?.add(() => latest.current), [table]);
}

/**
 * The commands of everything that is shown, also of a view whose code comes while a dialog lists them; only inside
 * `CommandsProvider`.
 */
export function useCommandSections(): readonly CommandSection[] {
  const table = useContext(CommandsContext);
  if (table === undefined) throw new Error('commands are listed outside of CommandsProvider');
  useSyncExternalStore(table.subscribe, () => table.version);
  return table.sections();
}

function keyOf({ key, ctrlKey, metaKey }: KeyboardEvent): string {
  return ctrlKey || metaKey ? `Mod+${key.toLowerCase()}` : key;
}

/** Fields have all keys but those with Ctrl or ⌘, what can be pressed has Enter, and a place that scrolls for itself its own keys. */
function isTaken({ key, target, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey) return false;
  if (isTyping(target)) return true;
  if (!(target instanceof Element)) return false;
  if (key === 'Enter') return target.closest('a, button, [role="tab"]') !== null;
  const scrolls = /^(Arrow|Page|Home|End)/.test(key);
  return scrolls && target.closest('[data-scroll-keys]') !== null;
}
