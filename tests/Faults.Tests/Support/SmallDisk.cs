namespace UdsBroker.Faults.Tests;

/// <summary>A file system in memory of which a test decides how large it is and whether it can be written, mount(8). Only root has one.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private bool _isMounted;

    internal string Folder => _folder["disk"];

    internal static async Task<SmallDisk> MountAsync(string options)
    {
        Program.NeedRoot();
        Program.Need("mount");
        var disk = new SmallDisk();
        Directory.CreateDirectory(disk.Folder);
        var (code, output) = await Program.RunAsync("mount", "-t", "tmpfs", "-o", options + ",mode=0700", "tmpfs", disk.Folder);
        Assert.SkipWhen(code != 0, $"mount is not allowed here: {output.Trim()}");
        disk._isMounted = true;
        return disk;
    }

    internal async Task RemountAsync(string options)
    {
        var (code, output) = await Program.RunAsync("mount", "-o", "remount," + options, Folder);
        Assert.True(code == 0, output);
    }

    internal async Task UnmountAsync(bool lazily = false)
    {
        if (!_isMounted) return;
        _isMounted = false;
        await Program.RunAsync("umount", lazily ? ["-l", Folder] : [Folder]);
    }

    public async ValueTask DisposeAsync()
    {
        await UnmountAsync(lazily: true);
        _folder.Dispose();
    }
}
