"""The signing day: many sheets on one table, who still has to sign what."""
