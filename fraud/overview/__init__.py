"""What fraud there was in a range of days: counts, money, by kind, publisher and campaign."""
