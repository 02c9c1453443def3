using System.Xml.Linq;

namespace UdsBroker.Architecture.Tests;

/// <summary>Dependencies between projects point one way: Protocol to Client to Cli, and Protocol to Broker.</summary>
public sealed class ProjectTests
{
    [Theory]
    [InlineData("Protocol", new string[0], new[] { "MessagePack" })]
    [InlineData("Client", new[] { "Protocol" }, new string[0])]
    [InlineData("Cli", new[] { "Client" }, new[] { "System.CommandLine" })]
    [InlineData("Broker", new[] { "Protocol" }, new[] { "Akka", "Akka.Hosting", "Akka.Streams", "Microsoft.AspNetCore.App", "System.CommandLine" })]
    public void A_source_project_depends_on_exactly_these(string project, string[] projects, string[] packages)
    {
        var document = XDocument.Load(Path.Combine(SourceTree.Root, "src", project, $"UdsBroker.{project}.csproj"));
        var references = Includes(document, "ProjectReference").Select(path => Path.GetFileName(Path.GetDirectoryName(path)!));
        Assert.Equal(projects, references.Order());
        Assert.Equal(packages, Includes(document, "PackageReference", "AkkaReference", "FrameworkReference").Order());
    }

    [Fact]
    public void Every_project_file_belongs_to_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(SourceTree.Root, "UdsBroker.sln")).Replace('\\', '/');
        var projects = new[] { "src", "tests", "compat", "bench" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(SourceTree.Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(SourceTree.Relative);
        Assert.All(projects, project => Assert.Contains(project, solution, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Includes(XDocument document, params string[] items) =>
        document.Descendants().Where(element => items.Contains(element.Name.LocalName)).Select(element => element.Attribute("Include")!.Value);
}
