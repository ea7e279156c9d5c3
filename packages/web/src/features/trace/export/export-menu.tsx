import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatBytes } from '../../../base/format.ts';
import { messages } from '../../../messages/messages.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import { Button } from '../../../ui/button.tsx';
import { useCommands } from '../../../ui/commands.tsx';
import { writeToClipboard } from '../../../ui/copy-button.tsx';
import { writeEmbedCode } from '../../../ui/embed-address.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { useTheme } from '../../../ui/theme.tsx';
import type { TraceClient } from '../trace-client.ts';
import { describeTrace } from './describe-trace.ts';
import { TRACE_FORMS } from './trace-form.ts';
import { PICTURE_FORMS, useSavePicture } from './use-save-picture.ts';
import type { SavingPicture } from './use-save-picture.ts';
import { useSaveTrace } from './use-save-trace.ts';
import type { SavingTrace } from './use-save-trace.ts';
import './export-menu.css';

const TEXTS = messages.exported;

export interface ExportMenuProps {
  readonly client: TraceClient;
  readonly view: TraceView;
}

/** Saves the picture and the trace, and writes the code that puts the page into another one. */
export function ExportMenu({ client, view }: ExportMenuProps): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const picture = useSavePicture(view);
  const trace = useSaveTrace(client, view.traceId);
  useExportCommands({ picture, trace, onOpen: () => setIsOpen(true) });
  return (
    <Popover
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      className="export"
      button={{
        label: TEXTS.button,
        title: TEXTS.title,
        children: (
          <>
            <Icon name="download" />
            <span className="export-name">{TEXTS.button}</span>
          </>
        ),
      }}
      panel={{
        role: 'group',
        label: TEXTS.button,
        className: 'export-panel',
        takesFocus: false,
      }}
    >
      <PictureItems {...picture} />
      <TraceItems {...trace} />
      <EmbedItem title={describeTrace(view, 'utc').title} />
    </Popover>
  );
}

interface Savings {
  readonly picture: SavingPicture;
  readonly trace: SavingTrace;
  readonly onOpen: () => void;
}

/** What the menu does, without it: it opens all the same, to say how far it is and what went wrong. */
function useExportCommands({ picture, trace, onOpen }: Savings): void {
  const { title, savePicture, saveTrace } = messages.trace.commands;
  const { save } = picture;
  useCommands({
    title,
    reach: 'page',
    commands: [
      ...PICTURE_FORMS.map((form) => ({
        name: savePicture(TEXTS[form]),
        run: () => {
          onOpen();
          save?.(form);
        },
        isAvailable: () => save !== undefined,
      })),
      ...TRACE_FORMS.map((form) => ({
        name: saveTrace(TEXTS.forms[form].name),
        run: () => {
          onOpen();
          trace.save(form);
        },
        isAvailable: () => trace.progress === undefined,
      })),
    ],
  });
}

/** The picture that is on the page, if it is one. */
function PictureItems({ save, isPainting, error }: SavingPicture): ReactNode {
  return (
    <section>
      <h2>{TEXTS.picture}</h2>
      {save === undefined ? <p>{TEXTS.noPicture}</p> : undefined}
      {PICTURE_FORMS.map((form) => (
        <button key={form} type="button" disabled={save === undefined} onClick={() => save?.(form)}>
          {TEXTS[form]}
        </button>
      ))}
      {isPainting ? <p role="status">{TEXTS.painting}</p> : undefined}
      <Problem text={error} />
    </section>
  );
}

function TraceItems({ progress, error, save, cancel }: SavingTrace): ReactNode {
  return (
    <section>
      <h2>{TEXTS.trace}</h2>
      {TRACE_FORMS.map((form) => (
        <button
          key={form}
          type="button"
          title={TEXTS.forms[form].title}
          aria-disabled={progress !== undefined}
          onClick={() => progress === undefined && save(form)}
        >
          {TEXTS.forms[form].name}
        </button>
      ))}
      {progress === undefined ? undefined : (
        <p role="status">
          {TEXTS.saving(formatBytes(progress))} <Button onClick={cancel}>{TEXTS.cancel}</Button>
        </p>
      )}
      <Problem text={error} />
    </section>
  );
}

/** Of the address as it is now: what is on the screen is in it. */
function EmbedItem({ title }: { readonly title: string }): ReactNode {
  const theme = useTheme();
  const [outcome, setOutcome] = useState<string>();
  const copy = async () => {
    const code = writeEmbedCode(location.href, { theme, title });
    setOutcome((await writeToClipboard(code)) ? TEXTS.copied : TEXTS.notCopied);
  };
  return (
    <section>
      <h2>{TEXTS.page}</h2>
      <button type="button" onClick={() => void copy()}>
        {TEXTS.embed}
      </button>
      <p role="status">
        {outcome ?? (
          <>
            {TEXTS.embedTitle} <code>{TEXTS.embedOption}</code>
          </>
        )}
      </p>
    </section>
  );
}

function Problem({ text }: { readonly text: string | undefined }): ReactNode {
  if (text === undefined) return undefined;
  return (
    <p className="export-problem" role="alert">
      {text}
    </p>
  );
}
