import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { isTyping } from './is-typing.ts';
import './keyboard-help.css';

/** One line of the sheet: `keys` are alternatives, each pressed alone or, joined by `+`, together. */
export interface KeyHelp {
  readonly keys: readonly string[];
  readonly does: string;
}

export interface KeySection {
  readonly title: string;
  readonly keys: readonly KeyHelp[];
}

interface KeyboardHelp {
  readonly add: (section: KeySection) => () => void;
  readonly open: () => void;
}

const HelpContext = createContext<KeyboardHelp | undefined>(undefined);

/** Holds the sheet that `?` opens. Pages add their keys with `useKeyHelp`. */
export function KeyboardHelpProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [sections, setSections] = useState<readonly KeySection[]>([]);
  const dialog = useRef<HTMLDialogElement>(null);
  const open = useCallback(() => dialog.current?.showModal(), []);
  const add = useCallback((section: KeySection) => {
    setSections((all) => [...all, section]);
    return () => setSections((all) => all.filter((one) => one !== section));
  }, []);
  const help = useMemo(() => ({ add, open }), [add, open]);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== '?' || isTyping(event.target)) return;
      event.preventDefault();
      open();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [open]);

  return (
    <HelpContext value={help}>
      {children}
      <dialog ref={dialog} className="keyboard-help" aria-label="Keyboard" closedby="any">
        <form method="dialog" className="keyboard-help-head">
          <h2>Keyboard</h2>
          <Button type="submit" look="quiet" aria-label="Close">
            <Icon name="close" />
          </Button>
        </form>
        <div className="keyboard-help-sections">
          {sections.map((section) => (
            <KeySectionList key={section.title} section={section} />
          ))}
        </div>
      </dialog>
    </HelpContext>
  );
}

/** Adds a page's keys to the sheet while the page is shown. `section` is a constant, or memoised. */
export function useKeyHelp(section: KeySection): void {
  const help = useContext(HelpContext);
  useEffect(() => help?.add(section), [help, section]);
}

/** Opens the sheet. */
export function useOpenKeyboardHelp(): () => void {
  const help = useContext(HelpContext);
  return useCallback(() => help?.open(), [help]);
}

function KeySectionList({ section }: { readonly section: KeySection }): ReactNode {
  return (
    <section>
      <h3>{section.title}</h3>
      <dl>
        {section.keys.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
