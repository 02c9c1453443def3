namespace UdsBroker.Broker.Tests.Access;

/// <summary>Subjects and patterns as PROTOCOL.md explains them, on text, the slow way: what the rules are tested against.</summary>
internal static class NaiveMatch
{
    internal static bool Matches(string pattern, string subject)
    {
        string[] parts = pattern.Split('.'), tokens = subject.Split('.');
        var isHidden = subject.StartsWith('$') || subject.StartsWith("_INBOX.", StringComparison.Ordinal) || subject.StartsWith("_BROKER.", StringComparison.Ordinal);
        if (isHidden && parts[0] is "*" or ">") return false;
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] == ">") return tokens.Length > i;
            if (i >= tokens.Length || (parts[i] != "*" && parts[i] != tokens[i])) return false;
        }

        return tokens.Length == parts.Length;
    }

    /// <summary>All sequences of 1 to <paramref name="longest"/> tokens.</summary>
    internal static IEnumerable<string> Sequences(string[] tokens, int longest)
    {
        IEnumerable<string> last = tokens;
        for (var length = 1; length <= longest; length++)
        {
            foreach (var sequence in last) yield return sequence;
            last = [.. last.SelectMany(_ => tokens, (head, token) => $"{head}.{token}")];
        }
    }
}
