namespace UdsBroker.Broker.Settings;

/// <summary>Guesses the intended word for a misspelled one.</summary>
internal static class Spelling
{
    /// <summary>
    /// The candidate that is fewest edits away from <paramref name="word"/>, or null when none is close: more than a third of its length,
    /// or more than three edits.
    /// </summary>
    public static string? Closest(string word, IEnumerable<string> candidates)
    {
        var best = candidates
            .Select(candidate => (Candidate: candidate, Edits: Distance(word, candidate)))
            .OrderBy(pair => pair.Edits).ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Candidate is not null && best.Edits <= Math.Clamp(word.Length / 3, 1, 3) ? best.Candidate : null;
    }

    // Levenshtein's distance, with one row kept.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                var swap = a[i - 1] == b[j - 1] ? diagonal : diagonal + 1;
                row[j] = Math.Min(swap, Math.Min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
