using System.Diagnostics;

namespace UdsBroker.EndToEnd.Tests;

/// <summary>Our programs as other users of the machine, by setpriv(1). Only root can do that.</summary>
internal static class Users
{
    private const uint Anybody = 4242;

    private static readonly Lazy<string> Obstacle = new(FindObstacle);

    /// <summary>Skips the test, with the reason, where our programs cannot be run as another user.</summary>
    internal static void Require() => Assert.SkipUnless(Obstacle.Value.Length == 0, Obstacle.Value);

    /// <summary>Skips the test where unshare(1) cannot make these namespaces.</summary>
    internal static void RequireNamespaces(params string[] options) =>
        Assert.SkipUnless(Succeeds(["unshare", .. options, "true"]), $"unshare {string.Join(' ', options)} does not work here");

    /// <summary>Starts a program as a user with exactly these groups, the first of them the primary one.</summary>
    internal static ChildProcess Start(string program, uint uid, uint[] gids, string outputFile, params string[] arguments) =>
        ChildProcess.StartAs(Privileges(uid, gids), program, arguments, outputFile);

    /// <summary>A command that becomes such a user and then executes the program given after it.</summary>
    internal static string[] Privileges(uint uid, uint[] gids) =>
        ["setpriv", $"--reuid={uid}", $"--regid={gids[0]}", gids.Length > 1 ? $"--groups={string.Join(',', gids[1..])}" : "--clear-groups", "--inh-caps=-all"];

    private static string FindObstacle()
    {
        if (!Environment.IsPrivilegedProcess) return "only root can run programs as other users";
        var program = Path.Combine(AppContext.BaseDirectory, "udsb");
        return Succeeds([.. Privileges(Anybody, [Anybody]), program, "--version"])
            ? ""
            : $"another user cannot run {program}: setpriv(1) is not installed, or its folders are closed to others";
    }

    private static bool Succeeds(string[] command)
    {
        try
        {
            using var trial = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            return trial.WaitForExit(ChildProcess.Patience) && trial.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
