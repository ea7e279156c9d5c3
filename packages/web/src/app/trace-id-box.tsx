import { parseTraceId } from '@clew/model';
import { useNavigate } from '@tanstack/react-router';
import { useId, useRef, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { messages } from '../messages/messages.ts';

/** Opens a trace whose id is at hand: paste it and it opens, type it and press Enter. */
export function TraceIdBox(): ReactNode {
  const [text, setText] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const navigate = useNavigate();
  const errorId = useId();
  const input = useRef<HTMLInputElement>(null);

  const open = (typed: string): boolean => {
    const traceId = parseTraceId(typed.trim());
    if (traceId === undefined) return false;
    setText('');
    input.current?.blur();
    void navigate({ to: '/trace/$traceId', params: { traceId }, search: {} });
    return true;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '') setIsWrong(!open(text));
  };
  return (
    <form className="trace-id-box" onSubmit={submit}>
      <input
        ref={input}
        id="trace-id"
        type="text"
        value={text}
        placeholder={messages.app.traceId.hint}
        aria-label={messages.app.traceId.label}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? errorId : undefined}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
          setIsWrong(false);
        }}
        onPaste={(event) => {
          // A whole id (Jaeger's and Zipkin's may have 16 digits) needs no Enter.
          const pasted = event.clipboardData.getData('text').trim();
          if (pasted.length >= 16 && open(pasted)) event.preventDefault();
        }}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      {isWrong ? (
        <p id={errorId} role="alert">
          {messages.app.traceId.wrong}
        </p>
      ) : undefined}
    </form>
  );
}
