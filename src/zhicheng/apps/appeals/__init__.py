"""Appeals (民意速办): intake, dispatch, handling, reply, rating."""
