using System.Text.RegularExpressions;
using UdsBroker.EndToEnd.Tests;

namespace UdsBroker.Faults.Tests;

/// <summary>A socket file is never more open than its mode, not for a moment: the kernel's own record of the broker's calls, by strace(1).</summary>
public sealed partial class SocketFileCreationTests
{
    [Fact]
    public async Task The_file_gets_its_mode_before_it_has_a_name_and_its_name_when_it_accepts()
    {
        using var folder = new TestFolder();
        await using var broker = ChildProcess.Start(
            "/bin/sh",
            [
                "-c", "umask 0; exec \"$0\" \"$@\"", Program.Need("strace"), "-f", "-qq", "-o", folder["trace"],
                "-e", "trace=bind,listen,chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat,rename,renameat,renameat2",
                Path.Combine(AppContext.BaseDirectory, "udsbroker"), "--socket", folder["broker.sock"], "--set", "udsbroker.listener.mode=0640",
            ],
            folder["out"]);
        await broker.WaitForErrorLineAsync("listening on");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(folder["broker.sock"]));
        var calls = (await File.ReadAllLinesAsync(folder["trace"], Campaign.Cancelled)).Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim()).ToList();
        var bind = BindOfTemporaryName().Match(calls.Single(call => BindOfTemporaryName().IsMatch(call)));
        var (socket, name) = (bind.Groups["socket"].Value, bind.Groups["name"].Value);
        var ofSocket = calls.Where(call => call.Contains($"({socket},", StringComparison.Ordinal) || call.Contains(name, StringComparison.Ordinal)).ToList();
        var story = ofSocket[^4..].Select(call => call[..call.IndexOf('(', StringComparison.Ordinal)]);
        Assert.Equal(["fchmod", "bind", "listen", "renameat"], story);
        Assert.StartsWith($"fchmod({socket}, 0640)", ofSocket[^4], StringComparison.Ordinal);
        Assert.DoesNotContain(calls, call => call.Contains("broker.sock\"", StringComparison.Ordinal) && !call.StartsWith("renameat", StringComparison.Ordinal));
    }

    [GeneratedRegex("""^bind\((?<socket>\d+), .*sun_path="[^"]*/(?<name>\.[0-9a-f]+\.tmp)".* = 0$""")]
    private static partial Regex BindOfTemporaryName();
}
