namespace UdsBroker.Cli.Output;

/// <summary>What is said to people, on standard error. Where that cannot be written there is nobody to tell, and the exit code says it alone.</summary>
internal static class StandardError
{
    /// <summary>Says something in the name of the program.</summary>
    internal static void Say(string text) => WriteLine($"udsb: {text}");

    /// <summary>Writes a line, or several; what others may have put into it does not steer a terminal.</summary>
    internal static void WriteLine(string text)
    {
        try
        {
            Console.Error.WriteLine(TerminalText.EscapeLines(text));
        }
        catch (IOException)
        {
            // A full disk, a terminal that has gone.
        }
    }
}
