using System.Text;

namespace UdsBroker.EndToEnd.Tests;

/// <summary>socat(1): a client that knows nothing of ours.</summary>
internal static class Socat
{
    private const string Program = "/usr/bin/socat";

    /// <summary>Skips the test where it is not installed.</summary>
    internal static void Need() => Assert.SkipUnless(File.Exists(Program), "socat is not installed");

    /// <summary>Sends the input to an address of socat's and returns what comes back, once it is as long as it should be.</summary>
    internal static async Task<string> AskAsync(BrokerFixture fixture, string address, string input, int answerLength)
    {
        var socat = fixture.Start(Program, ["-", address], out var output);
        await socat.Input.WriteAsync(Encoding.ASCII.GetBytes(input), TestContext.Current.CancellationToken);
        await OutputFile.UntilAsync(output, text => text.Length >= answerLength);
        socat.CloseInput();
        await socat.WaitForExitAsync();
        return await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken);
    }
}
