import { existsSync } from 'node:fs';
import { CannotDo } from '#libs/command-line/run-program.ts';
import { readSettings, SettingsWrong, type Settings } from '#libs/runtime/settings.ts';

/** The folders of the settings, as `npm start` would take them. */
export function offlineSettings(): Settings {
  if (existsSync('.env')) process.loadEnvFile('.env');
  try {
    return readSettings(process.env);
  } catch (error) {
    if (error instanceof SettingsWrong) throw new CannotDo(error.lines.join('; '));
    throw error;
  }
}
