namespace UdsBroker.EndToEnd.Tests;

/// <summary>
/// A cgroup where systemd would have put a unit, so that a process in it is one of the unit's, for everybody who asks the kernel. Removed with the
/// test; its processes have ended by then.
/// </summary>
internal sealed class TestUnit : IDisposable
{
    /// <summary>Where systemd keeps its tree: beside controllers of version 1, or alone.</summary>
    private static readonly string[] Roots = ["/sys/fs/cgroup/systemd", "/sys/fs/cgroup"];

    private readonly List<string> _made = [];

    private TestUnit(string folder)
    {
        for (var path = folder; !Directory.Exists(path); path = Path.GetDirectoryName(path)!) _made.Add(path);
        Directory.CreateDirectory(folder);
        Processes = Path.Combine(folder, "cgroup.procs");
    }

    /// <summary>The file into which a process writes its id to be one of the unit's.</summary>
    internal string Processes { get; }

    /// <summary>Makes one below <c>system.slice</c>; skips the test where that cannot be done.</summary>
    internal static TestUnit Create(string name)
    {
        var root = Roots.FirstOrDefault(root => File.Exists(Path.Combine(root, "cgroup.procs")));
        Assert.SkipUnless(root is not null, "no cgroup tree of systemd is mounted");
        try
        {
            var unit = new TestUnit(Path.Combine(root!, "system.slice", name));
            Assert.SkipUnless(File.Exists(unit.Processes), "cgroups cannot be made here");
            return unit;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Assert.Skip($"cgroups cannot be made here: {e.Message}");
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var folder in _made)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                return; // another test's unit is beside it
            }
        }
    }
}
