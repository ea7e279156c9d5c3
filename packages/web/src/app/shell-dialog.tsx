import { Suspense, lazy, useMemo, useState } from 'react';
import type { ComponentType, ReactNode } from 'react';
import { messages } from '../messages/messages.ts';
import { Boundary } from '../ui/boundary.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useEscape } from '../ui/use-escape.ts';
import './shell-dialog.css';

export type ShellDialogName = 'keys' | 'palette';

export interface ShellDialogProps {
  readonly name: ShellDialogName;
  readonly onClose: () => void;
  readonly onPalette: () => void;
}

type DialogProps = Omit<ShellDialogProps, 'name'>;

/** Both are fetched when they are first asked for. */
const LOADERS: Readonly<Record<ShellDialogName, () => Promise<ComponentType<DialogProps>>>> = {
  keys: async () => (await import('./key-sheet.tsx')).KeySheet,
  palette: async () => (await import('./palette/palette.tsx')).Palette,
};

/** Kept from one opening to the next, so that keys that are typed at once go into the dialog; a failed one stays failed, and is forgotten. */
const dialogs = new Map<ShellDialogName, ComponentType<DialogProps>>();

function dialogOf(name: ShellDialogName): ComponentType<DialogProps> {
  const known = dialogs.get(name);
  if (known !== undefined) return known;
  const dialog = lazy(async () => ({ default: await LOADERS[name]() }));
  dialogs.set(name, dialog);
  return dialog;
}

/** Fetches the palette's code ahead; a failure shows when it is opened. */
export function preloadPalette(): void {
  LOADERS.palette().catch(() => undefined);
}

/** What lies over any page. Where its code cannot be fetched, a notice says so and the page stays as it is. */
export function ShellDialog({ name, ...props }: ShellDialogProps): ReactNode {
  const [attempt, setAttempt] = useState(0);
  // oxlint-disable-next-line react/exhaustive-deps -- Another attempt needs another component.
  const Dialog = useMemo(() => dialogOf(name), [name, attempt]);
  const tryAgain = () => {
    dialogs.delete(name);
    setAttempt(attempt + 1);
  };
  const giveUp = () => {
    dialogs.delete(name);
    props.onClose();
  };
  return (
    <Boundary
      key={attempt}
      renderFailure={(error) => (
        <LoadProblem name={name} error={error} onRetry={tryAgain} onClose={giveUp} />
      )}
    >
      <Suspense>
        <Dialog {...props} />
      </Suspense>
    </Boundary>
  );
}

function LoadProblem({
  name,
  error,
  onRetry,
  onClose,
}: {
  readonly name: ShellDialogName;
  readonly error: Error;
  readonly onRetry: () => void;
  readonly onClose: () => void;
}): ReactNode {
  const texts = messages.app.dialog;
  useEscape(onClose);
  return (
    <div className="shell-problem">
      <Notice kind="error" title={texts.failed[name]}>
        <p>{texts.advice(error.message)}</p>
        <Button onClick={onRetry}>{texts.retry}</Button>
        <Button onClick={onClose}>{texts.close}</Button>
      </Notice>
    </div>
  );
}
