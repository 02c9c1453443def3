using System.Reflection;
using System.Text.RegularExpressions;

namespace UdsBroker.Architecture.Tests;

/// <summary>The source files of the repository, read as text: a layer is a folder, and its imports prove it.</summary>
internal static partial class SourceTree
{
    /// <summary>The repository, as the build wrote it into this assembly: the assembly itself may lie anywhere.</summary>
    internal static string Root { get; } = typeof(SourceTree).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(entry => entry.Key == "RepoRoot").Value!;

    internal static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !BuildOutput().IsMatch(file));

    internal static string Relative(string file) => Path.GetRelativePath(Root, file);

    /// <summary>The code of a file without comments and string literals, so that prose may name what code may not.</summary>
    internal static string Code(string file) => Prose().Replace(File.ReadAllText(file), "");

    [GeneratedRegex("/(bin|obj)/")]
    private static partial Regex BuildOutput();

    [GeneratedRegex("""//[^\n]*|"(\\.|[^"\\\n])*"(u8)?""")]
    private static partial Regex Prose();
}
