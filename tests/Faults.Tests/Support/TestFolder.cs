namespace UdsBroker.Faults.Tests;

/// <summary>A folder of mode 0700 for one test, removed with all that is in it.</summary>
internal sealed class TestFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("udsb-faults-").FullName;

    internal string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
