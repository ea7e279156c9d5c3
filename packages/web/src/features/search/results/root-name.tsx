import type { TraceSummaryJson } from '@clew/api';
import type { ReactNode } from 'react';
import { ShownText } from '../../../ui/shown-text.tsx';
import { messages } from '../../../messages/messages.ts';
import { ServiceName } from '../../../ui/service-name.tsx';

/** What a trace is called: its root span's service and name. */
export function RootName({ trace }: { readonly trace: TraceSummaryJson }): ReactNode {
  if (trace.rootService === '' && trace.rootSpanName === '') {
    return <span className="root-name root-name-missing">{messages.search.rootMissing}</span>;
  }
  return (
    <span className="root-name">
      <ServiceName service={trace.rootService} />
      <strong>
        <ShownText text={trace.rootSpanName} />
      </strong>
    </span>
  );
}
