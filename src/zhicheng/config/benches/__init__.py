"""What `zhicheng bench` measures: fixtures, runs, figures. The clients that act from outside are in bench/."""
