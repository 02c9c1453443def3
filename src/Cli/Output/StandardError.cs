namespace UdsBroker.Cli.Output;

/// <summary>Messages to people, on standard error. If that cannot be written, only the exit code is left.</summary>
internal static class StandardError
{
    /// <summary>Says something in the name of the program.</summary>
    internal static void Say(string text) => WriteLine($"udsb: {text}");

    /// <summary>Writes a line, or several, escaped so that text from others cannot control a terminal.</summary>
    internal static void WriteLine(string text)
    {
        try
        {
            Console.Error.WriteLine(TerminalText.EscapeLines(text));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A full disk, a terminal that has gone, no standard error at all.
        }
    }
}
