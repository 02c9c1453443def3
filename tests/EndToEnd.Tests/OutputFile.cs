namespace UdsBroker.EndToEnd.Tests;

/// <summary>
/// What a running program has printed so far. The file is written by the test's own copy of the program's output, so it is read until it has what
/// it will have.
/// </summary>
internal static class OutputFile
{
    /// <summary>Waits until the text is wanted, and returns it.</summary>
    internal static async Task<string> UntilAsync(string file, Func<string, bool> isWanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(ChildProcess.Patience);
        while (true)
        {
            var text = await ReadAsync(file, patience.Token);
            if (isWanted(text)) return text;
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Waits for a whole line.</summary>
    internal static async Task<string> LineAsync(string file, Func<string, bool> isWanted)
    {
        var text = await UntilAsync(file, text => Lines(text).Any(isWanted));
        return Lines(text).First(isWanted);
    }

    private static string[] Lines(string text) => text.Split('\n')[..^1];

    private static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file)) return "";
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
