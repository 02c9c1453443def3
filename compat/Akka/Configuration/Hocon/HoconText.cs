using System.Buffers;

namespace Akka.Configuration.Hocon;

/// <summary>How a key or a text is printed.</summary>
internal static class HoconText
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(" \t:");

    /// <summary>The text, in quotes if it holds a space, a tab or a colon; an empty string for null.</summary>
    internal static string Quoted(string text)
    {
        if (text == null)
            return "";
        return text.AsSpan().ContainsAny(NeedsQuotes) ? $"\"{text}\"" : text;
    }
}
