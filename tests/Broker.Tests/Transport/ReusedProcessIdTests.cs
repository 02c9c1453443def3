using System.Diagnostics;
using System.Globalization;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>A process id is a number that the kernel gives again: whoever has it now is not whoever connected.</summary>
public sealed class ReusedProcessIdTests : IDisposable
{
    private const string LastProcessId = "/proc/sys/kernel/ns_last_pid";
    private const int Tries = 200;

    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_peer_that_has_gone_has_no_program_and_no_unit()
    {
        using var listener = UnixListener.Open(_directory["broker.sock"], TestSettings.File);
        var id = await ConnectAndEndAsync(listener.Path.ToString());

        using var connection = await listener.AcceptAsync();

        Assert.Equal((id, null, null), (connection!.Peer.Pid, connection.Peer.Executable, connection.Peer.Unit));
    }

    [Fact]
    public async Task A_process_with_the_reused_id_of_a_peer_is_not_taken_for_it()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists(LastProcessId), "only root can choose the next process id");
        for (var i = 0; i < Tries; i++)
        {
            using var listener = UnixListener.Open(_directory[$"{i}.sock"], TestSettings.File);
            var id = await ConnectAndEndAsync(listener.Path.ToString());
            await File.WriteAllTextAsync(LastProcessId, (id - 1).ToString(CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);
            using var other = Process.Start(new ProcessStartInfo("/bin/cat") { RedirectStandardInput = true })!;
            try
            {
                if (other.Id != id) continue; // somebody else started a process at this moment

                using var connection = await listener.AcceptAsync();

                Assert.True(File.Exists($"/proc/{id}/exe"));
                Assert.Equal((id, null, null), (connection!.Peer.Pid, connection.Peer.Executable, connection.Peer.Unit));
                return;
            }
            finally
            {
                other.Kill();
                await other.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
        }

        Assert.Skip($"other processes took the id {Tries} times");
    }

    // The connection stays in the backlog, with the credentials of its moment.
    private static async Task<int> ConnectAndEndAsync(string path)
    {
        const string Connect = "import socket,sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])";
        using var peer = Process.Start("/usr/bin/python3", ["-c", Connect, path]);
        await peer.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, peer.ExitCode);
        return peer.Id;
    }
}
