import type { ReactNode } from 'react';
import { ShownText } from './shown-text.tsx';
import { serviceColorIndex } from '../base/service-color.ts';
import './service-name.css';

/** A service with its colour, which never stands without the name. */
export function ServiceName({ service }: { readonly service: string }): ReactNode {
  return (
    <span className="service-name" data-service-color={serviceColorIndex(service)}>
      <i className="service-swatch" />
      <ShownText text={service} />
    </span>
  );
}
