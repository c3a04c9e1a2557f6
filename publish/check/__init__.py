"""What a person should look at: coded findings, and the checks that no renderer makes."""
