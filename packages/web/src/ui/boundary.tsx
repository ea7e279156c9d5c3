import { Component } from 'react';
import type { ReactNode } from 'react';

interface BoundaryProps {
  readonly children: ReactNode;
  /** In the place of children that failed. */
  readonly renderFailure: (error: Error) => ReactNode;
}

/** Keeps a part that fails, or whose code cannot be fetched, from taking the page with it. With another `key` it tries again. */
export class Boundary extends Component<BoundaryProps, { readonly error: Error | undefined }> {
  override readonly state: { readonly error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error): { readonly error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === undefined ? this.props.children : this.props.renderFailure(error);
  }
}
