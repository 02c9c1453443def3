using System.Net.Sockets;
using System.Runtime.InteropServices;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>The life of a socket file when nobody is hostile: creation with its mode, take-over, end.</summary>
public sealed class SocketFileTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_client_reaches_the_socket_by_its_path()
    {
        using var file = Bind();

        using var client = Connect();

        Assert.True(file.IsStillOurs());
    }

    [Fact]
    public void Only_the_socket_and_its_lock_are_in_the_directory()
    {
        using var file = Bind();

        Assert.Equal(["broker.sock", "broker.sock.lock"], Entries());
    }

    [Fact]
    public void At_the_end_the_socket_is_gone_and_the_lock_file_stays()
    {
        Bind().Dispose();

        Assert.Equal(["broker.sock.lock"], Entries());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_directory["broker.sock.lock"]));
    }

    [Fact]
    public void A_second_dispose_leaves_the_file_of_another_broker_alone()
    {
        var first = Bind();
        first.Dispose();
        using var second = Bind();

        first.Dispose();

        Assert.True(second.IsStillOurs());
    }

    [Fact]
    public void The_path_is_free_at_the_end_also_while_a_child_that_is_being_started_has_copies_of_all_descriptors()
    {
        var file = Bind();
        var lockFile = Directory.GetFiles("/proc/self/fd").Single(descriptor => new FileInfo(descriptor).LinkTarget == _directory["broker.sock.lock"]);
        var copy = Duplicate(int.Parse(Path.GetFileName(lockFile), provider: null));
        try
        {
            file.Dispose();
            using var next = Bind();

            Assert.True(next.IsStillOurs());
        }
        finally
        {
            _ = Close(copy);
        }
    }

    [Fact]
    public void The_socket_of_a_dead_broker_is_taken_over()
    {
        LeaveDeadSocket(_directory["broker.sock"]);

        using var file = Bind();

        using var client = Connect();
        Assert.True(file.IsStillOurs());
    }

    [Fact]
    public void The_leftover_of_a_broker_killed_between_bind_and_rename_is_removed()
    {
        using (var file = Bind())
        {
            // The temporary name is what .NET would unlink at dispose, so the file's own end point still tells it.
            var temporary = Path.GetFileName(file.Socket.LocalEndPoint!.ToString()!);
            LeaveDeadSocket(_directory[temporary]);
        }

        using var next = Bind();

        Assert.Equal(["broker.sock", "broker.sock.lock"], Entries());
    }

    [Theory]
    [InlineData("600")]
    [InlineData("660")]
    [InlineData("666")]
    [InlineData("777")]
    public void The_file_has_exactly_the_mode_asked_for_whatever_the_umask(string octal)
    {
        var mode = (UnixFileMode)Convert.ToInt32(octal, 8);

        using var file = Bind(TestSettings.File with { Mode = mode });

        Assert.Equal(mode, File.GetUnixFileMode(_directory["broker.sock"]));
    }

    [Fact]
    public void A_path_of_107_bytes_is_bound_and_reached()
    {
        var path = PathOfBytes(107);

        using var file = SocketFile.Bind(SocketPath.Parse(path), TestSettings.File);

        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(path));
    }

    [Fact]
    public void A_path_of_108_bytes_is_refused_with_its_byte_count_and_the_limit()
    {
        var path = PathOfBytes(108);

        var failure = Assert.Throws<SocketFileException>(() => SocketPath.Parse(path));

        Assert.Equal(SocketFileReason.PathTooLong, failure.Reason);
        Assert.Contains("has 108 bytes and the limit is 107", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_are_counted_and_not_characters()
    {
        var failure = Assert.Throws<SocketFileException>(() => SocketPath.Parse("/tmp/" + new string('é', 52)));

        Assert.Contains("has 109 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/tmp/")]
    [InlineData("/tmp/a\0b")]
    [InlineData("@")]
    public void A_path_that_names_no_socket_is_refused(string path) =>
        Assert.Equal(SocketFileReason.PathInvalid, Assert.Throws<SocketFileException>(() => SocketPath.Parse(path)).Reason);

    [Fact]
    public void A_missing_directory_is_named()
    {
        var failure = Assert.Throws<SocketFileException>(
            () => SocketFile.Bind(SocketPath.Parse(_directory["no/broker.sock"]), TestSettings.File));

        Assert.Equal(SocketFileReason.DirectoryMissing, failure.Reason);
        Assert.Contains(_directory["no"], failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_directory["no"]));
    }

    [Fact]
    public void The_default_directory_is_made_for_its_owner_alone()
    {
        var path = SocketPath.Parse(_directory["own/broker.sock"]);

        using var file = SocketFile.Bind(path, TestSettings.File with { CreateDirectory = true });

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_directory["own"]));
    }

    [Fact]
    public void The_parent_of_the_default_directory_is_not_created()
    {
        var path = SocketPath.Parse(_directory["no/own/broker.sock"]);

        var failure = Assert.Throws<SocketFileException>(() => SocketFile.Bind(path, TestSettings.File with { CreateDirectory = true }));

        Assert.Equal(SocketFileReason.DirectoryMissing, failure.Reason);
        Assert.False(Directory.Exists(_directory["no"]));
    }

    [Fact]
    public void Of_many_brokers_that_start_at_once_exactly_one_wins_and_its_socket_works()
    {
        for (var round = 0; round < 25; round++)
        {
            var results = new object[8];
            Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = results.Length }, i =>
            {
                try
                {
                    results[i] = Bind();
                }
                catch (SocketFileException e)
                {
                    results[i] = e.Reason;
                }
            });

            using var winner = Assert.Single(results.OfType<SocketFile>());
            Assert.Equal(results.Length - 1, results.Count(r => r is SocketFileReason.AlreadyRunning));
            using var client = Connect();
        }
    }

    private static void LeaveDeadSocket(string path)
    {
        // Bound under another name and renamed: so .NET finds nothing to unlink, as after kill -9.
        using var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        dead.Bind(new UnixDomainSocketEndPoint(path + ".x"));
        dead.Listen();
        File.Move(path + ".x", path);
    }

    private SocketFile Bind(SocketFileOptions? options = null) =>
        SocketFile.Bind(SocketPath.Parse(_directory["broker.sock"]), options ?? TestSettings.File);

    private Socket Connect()
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(_directory["broker.sock"]));
        return client;
    }

    private string PathOfBytes(int bytes) => _directory[new string('s', bytes - _directory.Root.Length - 1)];

    private IEnumerable<string> Entries() =>
        Directory.GetFileSystemEntries(_directory.Root).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal);

    [DllImport("libc", EntryPoint = "dup")]
    private static extern int Duplicate(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
