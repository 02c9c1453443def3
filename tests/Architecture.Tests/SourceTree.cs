using System.Text.RegularExpressions;

namespace UdsBroker.Architecture.Tests;

/// <summary>The source files of the repository, read as text: a layer is a folder, and its imports prove it.</summary>
internal static partial class SourceTree
{
    internal static string Root { get; } = FindRoot();

    internal static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !BuildOutput().IsMatch(file));

    internal static string Relative(string file) => Path.GetRelativePath(Root, file);

    /// <summary>The code of a file without comments and string literals, so that prose may name what code may not.</summary>
    internal static string Code(string file) => Prose().Replace(File.ReadAllText(file), "");

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "UdsBroker.sln")))
            folder = Path.GetDirectoryName(folder.TrimEnd('/')) ?? throw new InvalidOperationException("UdsBroker.sln is not above the test's folder.");
        return folder;
    }

    [GeneratedRegex("/(bin|obj)/")]
    private static partial Regex BuildOutput();

    [GeneratedRegex("""//[^\n]*|"(\\.|[^"\\\n])*"(u8)?""")]
    private static partial Regex Prose();
}
