import { batchSuite } from './server-store/batches.ts';
import { migrationSuite } from './server-store/migrations.ts';
import { openPlaces, type ServerPlaces } from './server-store/places.ts';
import { raceSuite } from './server-store/races.ts';
import { sinkSuite } from './server-store/sink.ts';

/** What a store on a database server promises beyond the contract of one instance. */
export function serverStoreSuite(driver: string, places: ServerPlaces): void {
  const open = openPlaces(places);
  raceSuite(driver, open);
  batchSuite(driver, open);
  migrationSuite(driver, open);
  sinkSuite(driver, open);
}
