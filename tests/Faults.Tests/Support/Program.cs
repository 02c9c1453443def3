using System.Diagnostics;

namespace UdsBroker.Faults.Tests;

/// <summary>Other programs that some campaigns need; a test without its program is skipped by name.</summary>
internal static class Program
{
    /// <summary>The path of the program, or the end of the test as skipped.</summary>
    internal static string Need(string name)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"{name} is not installed");
        return found!;
    }

    /// <summary>The test goes on only as root.</summary>
    internal static void NeedRoot() => Assert.SkipUnless(Environment.UserName == "root", "only root may do this");

    /// <summary>Runs a program to its end; returns its exit code and what it printed.</summary>
    internal static async Task<(int Code, string Output)> RunAsync(string name, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(Campaign.Cancelled);
        var output = await process.StandardOutput.ReadToEndAsync(Campaign.Cancelled);
        await process.WaitForExitAsync(Campaign.Cancelled).WaitAsync(Wait.Patience, Campaign.Cancelled);
        return (process.ExitCode, output + await error);
    }
}
