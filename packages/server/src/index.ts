export { startServer } from './cli/start-server.ts';
export type { RunningServer, ServerOptions, ServerPorts } from './cli/start-server.ts';
export { CONFIG_OPTIONS, loadConfig } from './config.ts';
export type { Config, ConfigOption, ConfigSources, PortSetting } from './config.ts';
