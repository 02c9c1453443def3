using System.Diagnostics;
using System.Globalization;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>The ancestors of the socket's directory: whoever can rename one can put another broker there, so they are checked too.</summary>
public sealed class SocketAncestorTests : IDisposable
{
    private const int Stranger = 4242;

    private readonly TestDirectory _directory = new();

    public SocketAncestorTests()
    {
        Directory.CreateDirectory(_directory["way/run"]);
        File.SetUnixFileMode(_directory["way"], (UnixFileMode)Convert.ToInt32("755", 8));
        File.SetUnixFileMode(_directory["way/run"], (UnixFileMode)Convert.ToInt32("700", 8));
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void An_ancestor_that_is_open_to_all_is_refused_unless_it_is_sticky()
    {
        File.SetUnixFileMode(_directory["way"], (UnixFileMode)Convert.ToInt32("777", 8));
        Assert.Contains("way, on the way to", Refused("way/run/broker.sock").Message, StringComparison.Ordinal);

        File.SetUnixFileMode(_directory["way"], (UnixFileMode)Convert.ToInt32("1777", 8));
        using var file = Bind("way/run/broker.sock");
        Assert.True(file.IsStillOurs());
    }

    [Fact]
    public void An_ancestor_that_belongs_to_another_user_is_refused()
    {
        Give("way");

        Assert.Contains($"belongs to uid {Stranger}", Refused("way/run/broker.sock").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_of_another_user_among_the_ancestors_is_refused_wherever_it_leads()
    {
        Directory.CreateSymbolicLink(_directory["link"], _directory["way"]);
        using (var file = Bind("link/run/broker.sock")) Assert.True(file.IsStillOurs());

        Give("link");
        Assert.Contains($"symbolic link made by uid {Stranger}", Refused("link/run/broker.sock").Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_directory["way/run/broker.sock"]));
    }

    [Fact]
    public void A_link_of_ours_does_not_hide_an_unsafe_ancestor()
    {
        Directory.CreateSymbolicLink(_directory["link"], _directory["way/run"]);
        File.SetUnixFileMode(_directory["way"], (UnixFileMode)Convert.ToInt32("777", 8));

        Refused("link/broker.sock");
    }

    [Fact]
    public void A_directory_of_somebody_else_is_refused_and_stays_empty()
    {
        Give("way/run");

        Assert.Contains($"belongs to uid {Stranger}", Refused("way/run/broker.sock").Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_directory["way/run"]));
    }

    private SocketFile Bind(string name) => SocketFile.Bind(SocketPath.Parse(_directory[name]), TestSettings.File with { AllowStickyDirectory = true });

    private SocketFileException Refused(string name)
    {
        var failure = Assert.Throws<SocketFileException>(() => Bind(name));
        Assert.Equal(SocketFileReason.UnsafeDirectory, failure.Reason);
        return failure;
    }

    private void Give(string name)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give files to others");
        using var chown = Process.Start("chown", ["-h", Stranger.ToString(CultureInfo.InvariantCulture), _directory[name]]);
        chown.WaitForExit();
    }
}
