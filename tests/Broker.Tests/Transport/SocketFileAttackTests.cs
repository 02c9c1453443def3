using System.Net.Sockets;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>
/// Files of others at the socket's path, at its lock file and in its directory: each is refused with its own reason and left unchanged.
/// </summary>
public sealed class SocketFileAttackTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private string SocketName => _directory["broker.sock"];

    private string LockName => _directory["broker.sock.lock"];

    [Fact]
    public void The_socket_of_a_live_broker_is_never_taken_and_its_pid_is_named()
    {
        using var first = Bind();

        var failure = Refused(SocketFileReason.AlreadyRunning);

        Assert.Contains($"(pid {Environment.ProcessId})", failure.Message, StringComparison.Ordinal);
        Assert.Contains(SocketName, failure.Message, StringComparison.Ordinal);
        Assert.True(first.IsStillOurs());
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(SocketName));
    }

    [Fact]
    public void The_same_socket_through_a_linked_directory_is_the_same_broker()
    {
        using var first = Bind();
        Directory.CreateSymbolicLink(_directory["link"], _directory.Root);

        var failure = Assert.Throws<SocketFileException>(
            () => SocketFile.Bind(SocketPath.Parse(_directory["link/broker.sock"]), TestSettings.File));

        Assert.Equal(SocketFileReason.AlreadyRunning, failure.Reason);
    }

    [Theory]
    [InlineData(SocketType.Stream, true)]
    [InlineData(SocketType.Seqpacket, true)]
    [InlineData(SocketType.Dgram, false)]
    public void A_foreign_listener_is_left_alone(SocketType type, bool listens)
    {
        using var foreign = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified);
        foreign.Bind(new UnixDomainSocketEndPoint(SocketName));
        if (listens)
            foreign.Listen();

        Refused(SocketFileReason.ForeignListener);

        Assert.True(File.Exists(SocketName));
    }

    [Fact]
    public void A_foreign_listener_with_a_full_backlog_is_alive()
    {
        using var foreign = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        foreign.Bind(new UnixDomainSocketEndPoint(SocketName));
        foreign.Listen(0);
        using var waiting = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        waiting.Connect(new UnixDomainSocketEndPoint(SocketName));

        Refused(SocketFileReason.ForeignListener);
    }

    [Fact]
    public void A_regular_file_is_not_deleted()
    {
        File.WriteAllText(SocketName, "precious");

        var failure = Refused(SocketFileReason.NotASocket);

        Assert.Contains("is a regular file, not a socket", failure.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(SocketName));
    }

    [Fact]
    public void A_directory_is_not_touched()
    {
        Directory.CreateDirectory(SocketName);

        Assert.Contains("is a directory", Refused(SocketFileReason.NotASocket).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("target")]
    [InlineData("nothing-there")]
    public void A_symbolic_link_is_not_followed(string target)
    {
        File.WriteAllText(_directory["target"], "precious");
        File.SetUnixFileMode(_directory["target"], UnixFileMode.UserRead);
        File.CreateSymbolicLink(SocketName, _directory[target]);

        Assert.Contains("is a symbolic link", Refused(SocketFileReason.NotASocket).Message, StringComparison.Ordinal);

        Assert.False(File.Exists(_directory["nothing-there"]));
        Assert.Equal("precious", File.ReadAllText(_directory["target"]));
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(_directory["target"]));
    }

    [Theory]
    [InlineData("target")]
    [InlineData("nothing-there")]
    public void A_lock_file_that_is_a_link_is_not_followed(string target)
    {
        File.WriteAllText(_directory["target"], "precious");
        File.CreateSymbolicLink(LockName, _directory[target]);

        Refused(SocketFileReason.UnsafeLockFile);

        Assert.False(File.Exists(_directory["nothing-there"]));
        Assert.Equal("precious", File.ReadAllText(_directory["target"]));
    }

    [Fact]
    public void A_lock_file_that_others_can_write_is_refused()
    {
        File.WriteAllText(LockName, "");
        File.SetUnixFileMode(LockName, (UnixFileMode)Convert.ToInt32("666", 8));

        Refused(SocketFileReason.UnsafeLockFile);
    }

    [Theory]
    [InlineData("770")]
    [InlineData("707")]
    [InlineData("777")]
    [InlineData("1777")]
    public void A_directory_that_others_can_write_to_is_refused(string octal)
    {
        File.SetUnixFileMode(_directory.Root, (UnixFileMode)Convert.ToInt32(octal, 8));

        var failure = Refused(SocketFileReason.UnsafeDirectory);

        Assert.Contains($"mode {octal}", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Root));
    }

    [Fact]
    public void A_sticky_directory_is_accepted_on_request()
    {
        File.SetUnixFileMode(_directory.Root, (UnixFileMode)Convert.ToInt32("1777", 8));

        using var file = SocketFile.Bind(SocketPath.Parse(SocketName), TestSettings.File with { AllowStickyDirectory = true });

        Assert.True(file.IsStillOurs());
    }

    [Fact]
    public void A_socket_removed_while_in_use_is_noticed()
    {
        using var file = Bind();

        File.Delete(SocketName);

        Assert.False(file.IsStillOurs());
    }

    [Fact]
    public void A_directory_moved_away_while_in_use_is_noticed()
    {
        var path = _directory["in/broker.sock"];
        using var file = SocketFile.Bind(SocketPath.Parse(path), TestSettings.File with { CreateDirectory = true });

        Directory.Move(_directory["in"], _directory["out"]);

        Assert.False(file.IsStillOurs());
    }

    [Fact]
    public void At_the_end_the_path_is_unlinked_only_if_it_is_our_own_socket()
    {
        var file = Bind();
        File.Delete(SocketName);
        using var newcomer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        newcomer.Bind(new UnixDomainSocketEndPoint(SocketName));
        newcomer.Listen();
        Assert.False(file.IsStillOurs());

        file.Dispose();

        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(SocketName));
    }

    private SocketFile Bind() => SocketFile.Bind(SocketPath.Parse(SocketName), TestSettings.File);

    private SocketFileException Refused(SocketFileReason reason)
    {
        var failure = Assert.Throws<SocketFileException>(Bind);
        Assert.Equal(reason, failure.Reason);
        return failure;
    }
}
