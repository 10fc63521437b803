/** What everybody says when the region is lost, on whichever page. */
export const lostRegion = { LOST_AT: "<moment>" };

const database =
  "the number of the instance that served, such as `db-ABC`, where a step says that it does not know which of several did, and prints them; one that was put aside goes on being as new as the other";

/** What some incidents need besides, and when. */
export const lostRegionWords = {
  FENCED: "`yes`, only after fence has refused, and somebody has made sure that nothing writes at the first site",
  LOSE_SINCE: "a moment, only where a step refuses because more would be lost than is promised: it names the moment",
  RESTORE_BEFORE: "a moment, only where the damage began before the region was lost",
  SERVED: "`secondary`, only where a step finds newer accounts of the other site",
  DATABASE_RESOURCE: database,
};
