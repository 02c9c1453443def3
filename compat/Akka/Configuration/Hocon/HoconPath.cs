namespace Akka.Configuration.Hocon;

/// <summary>Splits <c>a."b.c".d</c> into its keys.</summary>
internal static class HoconPath
{
    /// <summary>The keys of a path. The empty path has none and means the root.</summary>
    /// <exception cref="FormatException">A quote is not closed.</exception>
    internal static List<string> Split(string path)
    {
        var keys = new List<string>();
        var at = 0;
        while (at < path.Length)
        {
            var quoted = path[at] == '"';
            var start = quoted ? at + 1 : at;
            var end = path.IndexOf(quoted ? '"' : '.', start);
            if (end < 0)
            {
                if (quoted)
                    throw new FormatException($"The path {path} has a quote that is not closed");
                end = path.Length;
            }

            keys.Add(path[start..end]);
            at = quoted ? end + 2 : end + 1;
        }

        return keys;
    }
}
